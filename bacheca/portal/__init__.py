"""How content becomes pages: check → stage → render → finish.

`build.py` is its command. This package never touches an answer: it knows forms, not the service behind them.
"""
