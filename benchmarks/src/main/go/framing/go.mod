module dev.berth/benchmarks/framing

go 1.22
