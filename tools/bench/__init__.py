"""What other libraries take for the work of the benches."""
