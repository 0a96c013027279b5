"""The way in: files become rows and problems."""
