"""Plan to text: pure, a folder for each product, no decisions."""
