import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Architecture } from '../arch/architecture'
import { denseArchitecture, moeArchitecture } from '../arch/presets'
import { writeWeights } from './checkpoint'
import { initialWeights } from './initial-weights'
import { architectures } from './models.fixture'
import { parameterLayout } from './parameters'

const shape = { width: 16, vocabularySize: 55, context: 8 }
const experts = { ...shape, experts: 4, expertWidth: 12 }
const untied = (architecture: Architecture): Architecture => ({ ...architecture, tiedEmbeddings: false })
const everyKind: Readonly<Record<string, Architecture>> = {
  ...architectures,
  'llama, untied': untied(denseArchitecture(shape)),
  'mixtral, untied': untied(moeArchitecture(experts)),
  'qwen2_moe with a shared expert': moeArchitecture({ ...experts, sharedWidth: 20 }),
  'qwen2_moe with a shared expert, untied': untied(moeArchitecture({ ...experts, sharedWidth: 20 }))
}

/**
 * SHA-256 of the flat vector of seed 7 and of its `model.safetensors`, from the code of before the bindings (9a01c6d):
 * the same draws in the same order, and the same bytes of a file.
 */
test.each([
  [
    'dense',
    '88898c43b4da41e3ee3640f641dab27ed6954ea1d2ca8bc187329aeed70a8a20',
    '9f3d87af29918adb21f875a0c34813a52b5f3dd67306264b1a5f0c64f445784f'
  ],
  [
    'top-2 of 4 experts',
    '25e89209f66046d201f8e345ffdca4365d58cd026fe3a4adcea86da595b3aa7f',
    'e4edad903fdb99dce6a63c6aa96d72055e45b305513286bc66cc07a1a7e820e3'
  ],
  [
    'top-1, gates as they are',
    '25e89209f66046d201f8e345ffdca4365d58cd026fe3a4adcea86da595b3aa7f',
    '02aae3ec3a9bf75d3234351dec211633f85e962d427745aff7be01579f54ecc9'
  ],
  [
    'shared expert, grouped queries, biases, an output projection, a dense layer',
    '658c538b3356d484c84fd85c0f144ebd9b0676526c3d367a0c8c743134b27c04',
    '66990fb8876f1741e3c2b74d195243cf67be38bd8c8258591539264ee32f1f8a'
  ],
  [
    'llama, untied',
    '387f582b899a1af7a635e2139e992969b2b509703a1eb12595a428e44b2bb0f7',
    '6fa80e70fd123ac63c3424c5231a9761de664fdf43076ba5c95e096c4ac1402e'
  ],
  [
    'mixtral, untied',
    '9ae11cc9bb74921148c0ce9b7a335ac3c973ceb44ab8f1073b71e96ecbd057da',
    '032598dd921adebfcc5a4e98e76b12b4b9b4dca41f24a7a4e0cd6448309396d0'
  ],
  [
    'qwen2_moe with a shared expert',
    '6bcc390d4ee3095649da1b953bfe4f92a02657104b8f4ef9dd506367fe2ade9e',
    'b034800093ac7f3c5ea60cc9b477dfd97d088e5c13c3412408af3db6b862434c'
  ],
  [
    'qwen2_moe with a shared expert, untied',
    '9515b856cf541c9acdd09a6a231e3450561b2f83643e6f0776deaa58d8e4a376',
    '91e96c5a425c1539a27dbe10e77de523ef8f27bd7e803fc6c831b04a351f3e02'
  ]
])(
  'the weights that a training starts from, and their file, are bit for bit what they were: %s',
  (kind, flat, file) => {
    const architecture = everyKind[kind]
    if (!architecture) throw new Error(`there is no '${kind}'`)
    const weights = initialWeights(architecture, 7)
    expect(sha256(new Uint8Array(weights.buffer))).toBe(flat)
    expect(sha256(writeWeights(architecture, weights))).toBe(file)
  }
)

test('matrices come before vectors, and the experts of a part follow each other', () => {
  const moe = untied(moeArchitecture({ ...experts, experts: 2, layers: 1, sharedWidth: 20 }))
  const { parameters, decayed, size } = parameterLayout(moe)
  expect(parameters.map(({ name, shape }) => [name, shape])).toEqual([
    ['embedding', [55, 16]],
    ['layers.0.qkv', [16, 48]],
    ['layers.0.attention_output', [16, 16]],
    ['layers.0.router', [16, 2]],
    ['layers.0.expert_gate_up.0', [16, 24]],
    ['layers.0.expert_gate_up.1', [16, 24]],
    ['layers.0.expert_down.0', [12, 16]],
    ['layers.0.expert_down.1', [12, 16]],
    ['layers.0.shared_gate_up', [16, 40]],
    ['layers.0.shared_down', [20, 16]],
    ['layers.0.shared_gate', [16, 1]],
    ['output', [16, 55]],
    ['layers.0.attention_norm', [16]],
    ['layers.0.feed_forward_norm', [16]],
    ['final_norm', [16]]
  ])
  expect(size - decayed).toBe(3 * 16)
})

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
