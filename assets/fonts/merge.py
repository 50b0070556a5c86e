"""Makes the two fonts from the subsets of the npm package @fontsource/onest, unpacked here as `package` (fontTools, brotli)."""
from fontTools.ttLib import TTFont
from fontTools.merge import Merger, Options
for w,name in ((400,'Regular'),(600,'SemiBold')):
    parts=[]
    for s in ('latin','latin-ext','cyrillic','cyrillic-ext','symbols'):
        f=TTFont(f'package/files/onest-{s}-{w}-normal.woff2')
        f.flavor = None
        for t in ('GSUB','GDEF','STAT','fvar','DSIG'):
            if t in f: del f[t]
        p=f'p-{s}-{w}.ttf'; f.save(p); parts.append(p)
    o=Options(); o.drop_tables=[]
    m=Merger(options=o).merge(parts)
    cm=m.getBestCmap()
    need="АаӘәҒғҚқҢңӨөҰұҮүҺһІіЁё«»–—№•→©„“”’АЯаяAZaz09"
    print(w,len(cm),[c for c in need if ord(c) not in cm], m.keys())
    m.save(f'Onest-{name}.ttf')
