"""What the runs of a connection did, shown to its owner alone; and taking it back."""
