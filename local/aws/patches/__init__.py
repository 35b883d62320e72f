"""One file for each behaviour in which ministack 1.5.33 is not yet like AWS; README.md of `local/aws` lists them."""
