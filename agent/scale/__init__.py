"""The scaling law of thinking at test time: what more samples buy, measured on recorded answers."""
