import { expect, test } from 'vitest'
import { storedTensor } from '../../formats/tensor-data'
import { pickledFile, safetensors, sourceOf } from './files.fixture'
import { inspect, openRouting } from './open'

const weight = storedTensor(new Float32Array(6), [2, 3])
const bytes = (text: string) => Uint8Array.from([...Buffer.from(text, 'latin1'), 0, 0, 0, 0])

test.each([
  [
    'adapter_config.json',
    '{"peft_type":"LORA","base_model_name_or_path":"qwen/base"}',
    /adapter \(PEFT\) of qwen\/base/
  ],
  [
    'an index',
    '{"metadata":{"total_parameters":46702792704},"weight_map":{"a.weight":"model-1.safetensors"}}',
    /index of the files of a model's weights of 46,702,792,704 parameters/
  ],
  ['generation_config.json', '{"_from_model_config":true,"eos_token_id":2}', /how a model generates text/],
  ['tokenizer.json', '{"version":"1.0","added_tokens":[],"model":{"type":"BPE"}}', /tokenizer of a model/],
  ['tokenizer_config.json', '{"tokenizer_class":"X"}', /configuration of a tokenizer/],
  ['config.json', '{"model_type":"mixtral","hidden_size":8}', /configuration of a model \(mixtral\).*moescope params/],
  [
    'weights',
    safetensors({ 'model.embed_tokens.weight': weight, 'model.layers.0.mlp.gate.weight': weight }),
    /2 weights of a model/
  ],
  ['a pickle of weights', pickledFile('stateDict'), /2 weights of a model.*trace record/],
  ['GGUF', bytes('GGUF'), /llama\.cpp \(GGUF\)/],
  ['HDF5', bytes('\u0089HDF\r\n'), /HDF5.*np\.savez/],
  ['a graph of ONNX', bytes('\u0008\u0007\u0012\u0007pytorch\0'), /graph of ONNX.*no routing/],
  ['a picture', bytes('\u0089PNG\r\n\u001a\n\0'), /picture.*no routing/],
  ['YAML', 'model_type: mixtral\nhidden_size: 8\n', /YAML.*write it as JSON/],
  ['a Python dict', "{'layer': 0}", /Python prints.*json\.dump/],
  ['XML', '<?xml version="1.0"?>', /XML/],
  ['Zstandard', bytes('(\u00b5/\u00fd'), /Zstandard.*unpack/]
])('%s is named for what it is, with the next step', async (_, file, message) => {
  const { candidates, noTrace } = await inspect(sourceOf(file))
  expect(candidates).toEqual([])
  expect(noTrace).toMatch(message)
  await expect(openRouting(sourceOf(file, 'my file'))).rejects.toThrow(`my file ${noTrace}`)
})
