"""What a form file says, read, checked and compared with earlier versions."""
