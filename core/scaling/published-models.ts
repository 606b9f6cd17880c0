/** A trained model as its makers described it: a point of size and tokens. Losses are not here: they do not compare. */
export interface PublishedModel {
  readonly name: string
  readonly year: number
  readonly role: 'dense' | 'moe'
  /** Total parameters. */
  readonly total: number
  /** Parameters that one token touches, as published; the total for a dense model. */
  readonly active: number
  /** Tokens trained on, repeated ones counted each time; null where the makers did not publish them. */
  readonly tokens: number | null
  readonly source: string
}

/** Published models by year. Sizes and tokens are the rounded figures of the sources. */
export const publishedModels: readonly PublishedModel[] = [
  dense('GPT-3', 2020, 175e9, 300e9, 'Brown et al. 2020 (arXiv 2005.14165), table 2.1 and section 2.3'),
  dense('Jurassic-1 Jumbo', 2021, 178e9, 300e9, 'Lieber et al. 2021; Hoffmann et al. 2022, table 1'),
  dense('Gopher', 2021, 280e9, 300e9, 'Rae et al. 2021 (arXiv 2112.11446), table 1 and section 3'),
  dense('MT-NLG', 2022, 530e9, 270e9, 'Smith et al. 2022 (arXiv 2201.11990), section 3'),
  dense('LaMDA', 2022, 137e9, 168e9, 'Thoppilan et al. 2022 (arXiv 2201.08239); Hoffmann et al. 2022, table 1'),
  dense('Chinchilla', 2022, 70e9, 1.4e12, 'Hoffmann et al. 2022 (arXiv 2203.15556), section 4'),
  dense('PaLM 8B', 2022, 8e9, 780e9, 'Chowdhery et al. 2022 (arXiv 2204.02311), table 1 and section 3'),
  dense('PaLM 62B', 2022, 62e9, 780e9, 'Chowdhery et al. 2022 (arXiv 2204.02311), table 1 and section 3'),
  dense('PaLM 540B', 2022, 540e9, 780e9, 'Chowdhery et al. 2022 (arXiv 2204.02311), table 1 and section 3'),
  dense('BLOOM', 2022, 176e9, 366e9, 'BigScience 2022 (arXiv 2211.05100), section 3'),
  dense('LLaMA 7B', 2023, 6.7e9, 1e12, 'Touvron et al. 2023 (arXiv 2302.13971), table 2'),
  dense('LLaMA 13B', 2023, 13e9, 1e12, 'Touvron et al. 2023 (arXiv 2302.13971), table 2'),
  dense('LLaMA 33B', 2023, 32.5e9, 1.4e12, 'Touvron et al. 2023 (arXiv 2302.13971), table 2'),
  dense('LLaMA 65B', 2023, 65.2e9, 1.4e12, 'Touvron et al. 2023 (arXiv 2302.13971), table 2'),
  dense('Pythia 12B', 2023, 12e9, 300e9, 'Biderman et al. 2023 (arXiv 2304.01373), table 1 and section 2'),
  dense('Llama 2 7B', 2023, 7e9, 2e12, 'Touvron et al. 2023 (arXiv 2307.09288), table 1'),
  dense('Llama 2 13B', 2023, 13e9, 2e12, 'Touvron et al. 2023 (arXiv 2307.09288), table 1'),
  dense('Llama 2 70B', 2023, 70e9, 2e12, 'Touvron et al. 2023 (arXiv 2307.09288), table 1'),
  dense('Phi-1.5', 2023, 1.3e9, 150e9, 'Li et al. 2023 (arXiv 2309.05463), section 2: 30 billion different tokens'),
  dense('Falcon 180B', 2023, 180e9, 3.5e12, 'Almazrouei et al. 2023 (arXiv 2311.16867), abstract'),
  dense('Mistral 7B', 2023, 7.2e9, null, 'Jiang et al. 2023 (arXiv 2310.06825); its tokens were not published'),
  moe(
    'Mixtral 8x7B',
    2023,
    46.7e9,
    12.9e9,
    null,
    'Jiang et al. 2024 (arXiv 2401.04088); its tokens were not published'
  ),
  moe('DeepSeekMoE 16B', 2024, 16.4e9, 2.8e9, 2e12, 'Dai et al. 2024 (arXiv 2401.06066), section 5'),
  moe('DBRX', 2024, 132e9, 36e9, 12e12, 'Databricks 2024, model card of dbrx-base'),
  dense('Llama 3 8B', 2024, 8e9, 15e12, 'Meta 2024, model card of Meta-Llama-3-8B: more than 15 trillion tokens'),
  dense('Llama 3 70B', 2024, 70e9, 15e12, 'Meta 2024, model card of Meta-Llama-3-70B: more than 15 trillion tokens'),
  moe('DeepSeek-V2', 2024, 236e9, 21e9, 8.1e12, 'DeepSeek-AI 2024 (arXiv 2405.04434), abstract'),
  dense('Llama 3.1 405B', 2024, 405e9, 15.6e12, 'Dubey et al. 2024 (arXiv 2407.21783), section 1'),
  dense('Gemma 2 9B', 2024, 9e9, 8e12, 'Gemma Team 2024 (arXiv 2408.00118), section 3'),
  dense('Gemma 2 27B', 2024, 27e9, 13e12, 'Gemma Team 2024 (arXiv 2408.00118), section 3'),
  moe('OLMoE-1B-7B', 2024, 6.9e9, 1.3e9, 5.1e12, 'Muennighoff et al. 2024 (arXiv 2409.02060), table 1 and section 2'),
  dense('Qwen2.5 72B', 2024, 72.7e9, 18e12, 'Qwen Team 2024 (arXiv 2412.15115), abstract and section 2'),
  moe('DeepSeek-V3', 2024, 671e9, 37e9, 14.8e12, 'DeepSeek-AI 2024 (arXiv 2412.19437), abstract'),
  moe('Qwen3-235B-A22B', 2025, 235e9, 22e9, 36e12, 'Qwen Team 2025 (arXiv 2505.09388), section 3'),
  moe('Kimi K2', 2025, 1.04e12, 32e9, 15.5e12, 'Kimi Team 2025 (arXiv 2507.20534), abstract and section 2'),
  moe('gpt-oss-120b', 2025, 116.8e9, 5.1e9, null, 'OpenAI 2025 (arXiv 2508.10925), table 1: "trillions of tokens"')
]

function dense(name: string, year: number, total: number, tokens: number | null, source: string): PublishedModel {
  return { name, year, role: 'dense', total, active: total, tokens, source }
}

function moe(
  name: string,
  year: number,
  total: number,
  active: number,
  tokens: number | null,
  source: string
): PublishedModel {
  return { name, year, role: 'moe', total, active, tokens, source }
}
