"""The auditor's pack: everything that an auditor takes away, and the program that checks it."""
