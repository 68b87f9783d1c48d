SELECT TO_HEX(SHA256('abc')) AS answer
