"""The whole system in one deterministic thread: real ledger, log, board, feed and replicas; paper wires."""
