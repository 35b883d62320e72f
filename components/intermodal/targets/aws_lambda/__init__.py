"""Target `lambda`: an image function of AWS Lambda and its event source mapping."""
