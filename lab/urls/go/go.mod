module onehop.lab/urls

go 1.26
