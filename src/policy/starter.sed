# Turns a text file into C string literals, one per line, separated by commas.
s/["\\]/\\&/g
s/.*/"&\\n",/
