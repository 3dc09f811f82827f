"""Taking a site over from another tool: MkDocs, Hugo, Jekyll or Docusaurus."""
