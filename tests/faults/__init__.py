"""What the service does when processes are killed, disks fail, clocks jump and clients dribble."""
