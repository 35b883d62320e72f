"""What a caller may say of a container function, resolved into a spec with every default applied."""
