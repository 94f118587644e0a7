"""The Flask shell: sign-in, the frame of every page, its look and its languages."""
