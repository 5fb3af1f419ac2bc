"""What the office's command line does, one module per subject; `server.cli` names the commands."""
