"""What this community wrote: its pages and forms, held to what the portal promises of any."""
