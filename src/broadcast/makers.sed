# Turns data/radio_makers.csv into rows of a C table; no field of it holds a comma or a quote.
/^#/d
/^kind,/d
s/,/", "/g
s/.*/{ "&" },/
