import { expect, test } from 'vitest'
import { countDescription } from '../count/parameters'
import { readDescription } from './read'

const common = { vocab_size: 100, num_labels: 3 }
const encoder = {
  ...common,
  hidden_size: 32,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  intermediate_size: 64,
  max_position_embeddings: 40,
  type_vocab_size: 2
}
const bart = {
  ...common,
  d_model: 32,
  max_position_embeddings: 40,
  encoder_layers: 2,
  encoder_attention_heads: 4,
  encoder_ffn_dim: 64,
  decoder_layers: 2,
  decoder_attention_heads: 4,
  decoder_ffn_dim: 64
}
const t5 = { ...common, d_model: 32, d_kv: 8, d_ff: 64, num_layers: 2, num_heads: 4, relative_attention_num_buckets: 8 }
const files: Readonly<Record<string, object>> = {
  bert: encoder,
  roberta: encoder,
  electra: { ...encoder, embedding_size: 16 },
  rembert: { ...encoder, input_embedding_size: 16, output_embedding_size: 48 },
  big_bird: encoder,
  roformer: encoder,
  bart,
  t5: { ...t5, feed_forward_proj: 'relu' },
  mt5: { ...t5, feed_forward_proj: 'gated-gelu', tie_word_embeddings: false },
  xlm: { ...common, emb_dim: 32, n_layers: 2, n_heads: 4, max_position_embeddings: 40, n_langs: 1 },
  xlnet: { ...common, d_model: 32, n_layer: 2, n_head: 4, d_inner: 64 }
}

// Totals of the classes of transformers 5.18.0 with these settings, on the meta device.
test.each([
  ['bert', 'BertModel', 22_752],
  ['bert', 'BertForMaskedLM', 22_916],
  ['bert', 'BertForPreTraining', 24_038],
  ['bert', 'BertForSequenceClassification', 22_851],
  ['roberta', 'RobertaForSequenceClassification', 22_851],
  ['electra', 'ElectraForSequenceClassification', 21_091],
  ['electra', 'ElectraForTokenClassification', 20_035],
  ['electra', 'ElectraForQuestionAnswering', 20_002],
  ['rembert', 'RemBertForSequenceClassification', 21_091],
  ['big_bird', 'BigBirdForSequenceClassification', 23_907],
  ['big_bird', 'BigBirdForQuestionAnswering', 26_018],
  ['roformer', 'RoFormerForSequenceClassification', 21_891],
  ['bart', 'BartForSequenceClassification', 49_923],
  ['bart', 'BartForConditionalGeneration', 48_768],
  ['t5', 'T5ForSequenceClassification', 45_763],
  ['t5', 'T5ForTokenClassification', 19_875],
  ['mt5', 'MT5ForSequenceClassification', 53_955],
  ['xlm', 'XLMForSequenceClassification', 30_051],
  ['xlm', 'XLMForQuestionAnsweringSimple', 30_018],
  ['xlnet', 'XLNetForSequenceClassification', 23_587],
  ['xlnet', 'XLNetForQuestionAnsweringSimple', 22_498]
])('%s: %s has the head of its class', (kind, name, total) => {
  const description = readDescription({ ...files[kind], model_type: kind, architectures: [name] })
  expect(countDescription(description).total).toBe(total)
})
