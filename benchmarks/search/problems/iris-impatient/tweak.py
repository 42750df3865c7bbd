epoch_no = 6
batch = 128
neurons = 8
