"""The passwords of ten characters and more that lists of stolen ones begin with.

Shorter ones need no entry: the length refuses them. Compared without case.
"""

_BASES = """
password motdepasse azertyuiop qwertyuiop qwertzuiop iloveyou jetaime football baseball superman
princess sunshine welcome bonjour trustno1 dragon monkey letmein whatever administrator
administrateur changeme changemoi computer internet starwars butterfly chocolate liverpool
chelsea barcelona marseille soleil doudou loulou nicolas camille entreprise company summer
winter spring autumn printemps automne default temporary secret
"""
_TAILS = ("", "1", "12", "123", "1234", "12345", "123456", "123456789", "!", "1!", "123!", "01")
_YEARS = tuple(str(year) for year in range(1980, 2031))
_WHOLE = """
0123456789 1234567890 12345678900 12345678910 0987654321 9876543210 1111111111 0000000000
1234512345 1231231231 123123123123 1122334455 11223344556 1029384756 1q2w3e4r5t 1q2w3e4r5t6y
1qaz2wsx3edc qazwsxedcrfv zaq12wsxcde3 qwerty1234 qwerty12345 qwerty123456 qwerty123! azerty1234
azerty12345 azerty123456 azerty123! qwertyuiop1 qwertyuiop123 azertyuiop1 azertyuiop123
asdfghjkl; asdfghjkl1 qsdfghjklm wxcvbn1234 zxcvbnm123 abcdefghij abcdefghijk abcd123456
abcde12345 abc1234567 a123456789 aa12345678 aa123456789 1234567890a 123456789a 123456789abc
p@ssw0rd12 p@ssw0rd123 p@ssword123 passw0rd123 pa$$word123 password@123 password#1
passwordpassword admin12345 admin123456 adminadmin admin@1234 rootroot12 test123456 testtest12
testtest123 user123456 guest12345 parvisparvis intranet123 intranet1234 monmotdepasse
motdepasse! jetaime1234 iloveyou123! letmein1234 letmeinplease correcthorsebatterystaple
thisisapassword mynameisearl q1w2e3r4t5 q1w2e3r4t5y6 a1b2c3d4e5 1a2b3c4d5e aaaaaaaaaa xxxxxxxxxx
zzzzzzzzzz 5555555555 6666666666 7777777777 8888888888 9999999999 2222222222 1212121212
6969696969 0102030405 1020304050 1357924680 2468101214 3141592653 31415926535 147258369a
147852369a 789456123a 741852963a 987654321a
"""
COMMON: frozenset[str] = frozenset(
    word
    for word in (
        *_WHOLE.split(),
        *(base + tail for base in _BASES.split() for tail in (*_TAILS, *_YEARS)),
    )
    if len(word) >= 10
)
