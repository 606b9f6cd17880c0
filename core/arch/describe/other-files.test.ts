import { expect, test } from 'vitest'
import { jsonOf } from '../../formats/json'
import { otherText } from '../../formats/other-text'
import { binaryFile } from './other-files'

test.each([
  ['// of Mixtral\n{"hidden_size": 8}', /JSON with comments.*take them out/],
  ['{"hidden_size": 8, // wide\n"a": 1}', /JSON with comments/],
  ["{'hidden_size': 8}", /Python prints.*json\.dump/],
  ['{"hidden_size": 8,\n}', /comma before a closing bracket/],
  ['model_type: mixtral\nhidden_size: 8\n', /YAML.*write it as JSON/],
  ['[model]\nhidden_size = 8\n', /TOML or INI/],
  ['<?xml version="1.0"?>', /XML/],
  ['{\0"\0', /UTF-16.*save it in UTF-8/]
])('%j is named, with the next step', (text, message) => {
  expect(otherText(text)).toMatch(message)
})

test('JSON that is only cut off is of no other kind', () => {
  expect(otherText('{"auto_map": "http://a/b", "hidden_size": 8')).toBeUndefined()
})

test('a graph of ONNX is named', () => {
  expect(binaryFile(Uint8Array.of(8, 8, 0x12, 7, 0x70, 0x79))).toMatch(/ONNX.*config\.json/)
})

test.each(['utf16le', 'utf16be'])('JSON in UTF-16 with a byte order mark is read: %s', (encoding) => {
  const bytes = Buffer.from('\ufeff{"a": "\u00e9"}', 'utf16le')
  if (encoding === 'utf16be') bytes.swap16()
  expect(jsonOf(bytes, 'x')).toEqual({ a: '\u00e9' })
})
