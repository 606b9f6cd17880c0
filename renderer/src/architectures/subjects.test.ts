import { describe, expect, test } from 'vitest'
import { openedSubject } from './subjects'

/** An opened file, with the flag of a best-effort reading as the screen sets it. */
const opened = (config: Record<string, unknown>, bestEffort = false) =>
  openedSubject({ name: 'config.json', config, bestEffort })

describe('a kind that is known is exact, wherever the file names it', () => {
  const omni = {
    model_type: 'qwen3_omni_moe',
    thinker_config: {
      text_config: { model_type: 'qwen3_omni_moe_text', hidden_size: 2048 },
      audio_config: {},
      vision_config: {}
    },
    talker_config: {}
  }

  test.each<[string, Record<string, unknown>, string]>([
    ['of one modality', { model_type: 'llama', hidden_size: 4096 }, 'llama'],
    [
      'of several',
      { model_type: 'gemma3', text_config: { model_type: 'gemma3_text', hidden_size: 2304 } },
      'gemma3_text'
    ],
    ['that also speaks', omni, 'qwen3_omni_moe_text']
  ])('a model %s', (_, config, family) => {
    // The flag stays with what was opened before, and must not make an exact reading look like another.
    expect(opened(config, true)).toMatchObject({ name: 'config.json', family })
    expect(opened(config)).toMatchObject({ name: 'config.json', family })
  })
})

test('another kind is read at best effort, and says so', () => {
  const config = {
    model_type: 'thing',
    vocab_size: 100,
    hidden_size: 8,
    num_hidden_layers: 2,
    num_attention_heads: 2,
    intermediate_size: 16
  }
  expect(opened(config)).toMatchObject({ file: 'config.json', unknownKind: 'thing' })
  expect(opened(config, true)).toMatchObject({ name: 'config.json (best effort)', family: 'thing' })
})

test('a known kind with a key that does not fit can be read by the names of its keys, and says so', () => {
  const config = {
    model_type: 'deepseek_v3',
    vocab_size: 100,
    hidden_size: 8,
    num_hidden_layers: 2,
    num_attention_heads: 2,
    intermediate_size: 16,
    n_routed_experts: 4,
    num_experts_per_tok: 2,
    moe_intermediate_size: 4,
    kv_lora_rank: null
  }
  expect(opened(config)).toMatchObject({ unknownKind: undefined, offersBestEffort: true })
  expect(opened(config, true)).toMatchObject({ name: 'config.json (best effort)', family: 'deepseek_v3' })
  expect(opened({ ...config, hidden_size: null })).toMatchObject({ offersBestEffort: false })
})
