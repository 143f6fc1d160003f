#!/usr/bin/env python3
"""Bundles the page's script and style with esbuild and writes them as C, each with the
hash that the page's content security policy names.

    bundle.py NODE_MODULES PAGE_FOLDER OUTPUT.c
"""
import base64
import hashlib
import pathlib
import subprocess
import sys

MODULES = ['d3-geo', 'd3-array', 'internmap', 'topojson-client', 'world-atlas']


def find_esbuild(modules):
    """The wrapper may not work when npm ran without scripts; the binary itself does."""
    for path in [*sorted(modules.glob('@esbuild/linux-*/bin/esbuild')), modules / '.bin' / 'esbuild']:
        if path.exists():
            return path
    sys.exit(f'bundle.py: no esbuild in {modules}: run "npm ci"')


def notices(modules):
    """The licences of what is bundled ask to go with it."""
    texts = []
    for name in MODULES:
        folder = modules / name
        licence = next((p for p in sorted(folder.glob('LICENSE*'))), None)
        texts.append(f'{name}\n{licence.read_text(encoding="utf-8").strip() if licence else "see its package"}')
    return '/*\n' + '\n\n'.join(texts).replace('*/', '* /') + '\n*/\n'


def run(esbuild, *arguments):
    return subprocess.run([esbuild, '--log-level=warning', *arguments], check=True, stdout=subprocess.PIPE).stdout


def as_c(name, content):
    rows = (','.join(str(b) for b in content[i:i + 24]) for i in range(0, len(content), 24))
    digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
    return (f'static const unsigned char {name}_bytes[] = {{\n' + ',\n'.join(rows) + '\n};\n'
            f'const struct page_part page_{name} = {{ {name}_bytes, sizeof {name}_bytes, "sha256-{digest}" }};\n')


def main():
    modules, page, output = (pathlib.Path(a).resolve() for a in sys.argv[1:4])
    esbuild = find_esbuild(modules)
    script = run(esbuild, str(page / 'main.js'), '--bundle', '--minify', '--format=iife', '--target=es2020',
                 '--charset=ascii', '--legal-comments=none', f'--alias:d3-geo={modules / "d3-geo"}',
                 f'--alias:topojson-client={modules / "topojson-client"}',
                 f'--alias:world-atlas={modules / "world-atlas"}')
    script = notices(modules).encode('ascii', 'xmlcharrefreplace') + script
    style = run(esbuild, str(page / 'style.css'), '--minify', '--target=chrome110,firefox110,safari16')
    for content, end in ((script, b'</script'), (script, b'<!--'), (style, b'</style')):
        if end in content.lower():
            sys.exit(f'bundle.py: the bundle contains {end!r}, which would end its element')
    output.write_text('/* Made by page/bundle.py. */\n#include "report/html.h"\n\n'
                      + as_c('style', style) + '\n' + as_c('script', script), encoding='ascii')


if __name__ == '__main__':
    main()
