# Turns a text file into C string literals, one per line.
s/["\\]/\\&/g
s/.*/"&\\n"/
