[PlayList]
File0=zero
File4294967296=a
file1 = x
File1=y
Title99999999999999999999=t
NumberOfEntries=2147483648
