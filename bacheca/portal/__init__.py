"""How content becomes pages: check → stage → render → finish."""
