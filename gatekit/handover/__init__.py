"""What the hospital receives: pages made from plan and evidence, without facts of their own."""
