/** Texts that are given in place of JSON, by their beginnings. */

/** Names a text that is no JSON, with the next step; undefined for one that is not known. */
export function otherText(text: string): string | undefined {
  const begin = text.slice(0, 4096).trimStart()
  if (begin === '' && text.length <= 4096) return 'an empty file'
  if (begin.slice(0, 2).includes('\0')) return 'text in UTF-16 without a byte order mark; save it in UTF-8'
  return kinds.find(([pattern]) => pattern.test(begin))?.[1]
}

const kinds: readonly (readonly [RegExp, string])[] = [
  [/^version https:\/\/git-lfs/, 'a pointer of Git LFS to the file; fetch the file itself with git lfs pull'],
  [/^<(!doctype|html)/i, 'a web page, such as the error of a download; fetch the file again'],
  [/^\/[/*]|[\d"\]},{[]\s*\/[/*]/, 'JSON with comments, which no JSON has; take them out'],
  [/^[{[]\s*'/, 'a dict as Python prints it; write it with json.dump'],
  [/^\[[\w.-]+\]\s*$/m, 'TOML or INI, which is not read here; write it as JSON'],
  [/^<\?xml/, 'XML, which is not read here; write it as JSON'],
  [/^(---|#|[\w-]+:(\s|$))/, 'YAML, which is not read here; write it as JSON'],
  [/,\s*[}\]]/, 'JSON with a comma before a closing bracket; take the comma out']
]
