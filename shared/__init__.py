"""What laptop and office agree on: values and rules, without network, disk formats or screens."""
