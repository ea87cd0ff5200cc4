"""The rules, a file each: they are found by themselves."""
