/** The terms of labels, columns and axes, as the help of the screen and of the terminal defines them. */
export interface GlossaryEntry {
  readonly term: string
  readonly definition: string
  /** Absent for what has no unit. */
  readonly unit?: string
  /** Paper or page that defines the term; `Moescope` for the project's own conventions. */
  readonly source: string
}

export interface GlossarySection {
  readonly title: string
  readonly entries: readonly GlossaryEntry[]
}

const parameters = 'parameters'
const nats = 'nats per character'
const share = 'share, 0 to 1'
const bits = 'bits'

export const glossary: readonly GlossarySection[] = [
  {
    title: 'Size',
    entries: [
      {
        term: 'token',
        definition: 'Unit of text that a model reads and writes; of the shipped models, a character.',
        source: 'Sennrich et al. 2016, Subword Units, arXiv 1508.07909'
      },
      {
        term: 'total parameters',
        definition: 'Every weight of the model, all experts included: what memory must hold.',
        unit: parameters,
        source: 'Fedus et al. 2021, Switch Transformers, arXiv 2101.03961'
      },
      {
        term: 'active parameters',
        definition:
          'The weights that one token touches. Conventions: all weights (all), without input embedding (no_input_embedding), without embeddings (no_embedding).',
        unit: parameters,
        source: 'Jiang et al. 2024, Mixtral of Experts, arXiv 2401.04088'
      },
      {
        term: 'effective parameters',
        definition:
          'Dense-equivalent size: total parameters of the dense model with the same loss after the same tokens of the same corpus. Measured on a trained dense family, with a 95 % interval, never extrapolated; or predicted by a published law, which is named.',
        unit: parameters,
        source: 'Clark et al. 2022, Unified Scaling Laws for Routed Language Models, arXiv 2202.01169'
      },
      {
        term: 'active share',
        definition: 'Active over total parameters, by the convention all.',
        unit: share,
        source: 'Moescope'
      },
      {
        term: 'geometric mean',
        definition: 'Rule of thumb for effective parameters: sqrt(total x active). Folklore: no fit stands behind it.',
        unit: parameters,
        source: 'rule of thumb among practitioners'
      },
      {
        term: 'width',
        definition: 'Length d of the vector that represents a token between layers.',
        source: 'Vaswani et al. 2017, Attention Is All You Need, arXiv 1706.03762'
      },
      {
        term: 'FFN width',
        definition: 'Hidden units of a feed-forward network; of an expert, its own hidden units.',
        source: 'Vaswani et al. 2017, arXiv 1706.03762'
      },
      {
        term: 'granularity',
        definition: 'Factor by which experts are narrower than the dense feed-forward network that they replace.',
        source: 'Krajewski et al. 2024, Scaling Laws for Fine-Grained MoE, arXiv 2402.07871'
      },
      {
        term: 'vocabulary',
        definition: 'Number of distinct tokens that the tokenizer knows.',
        unit: 'tokens',
        source: 'Sennrich et al. 2016, arXiv 1508.07909'
      },
      {
        term: 'context',
        definition: 'Tokens that the model attends to at once.',
        unit: 'tokens',
        source: 'Vaswani et al. 2017, arXiv 1706.03762'
      },
      {
        term: 'KV cache',
        definition: 'Keys and values of earlier tokens, kept so that decoding does not recompute them.',
        unit: 'bytes',
        source: 'Shazeer 2019, Fast Transformer Decoding, arXiv 1911.02150'
      }
    ]
  },
  {
    title: 'Routing',
    entries: [
      {
        term: 'layer',
        definition: 'Transformer block, counted from 0 as in checkpoints (model.layers.0).',
        source: 'Vaswani et al. 2017, arXiv 1706.03762'
      },
      {
        term: 'expert',
        definition: 'One of the feed-forward networks among which a router distributes tokens, counted from 0.',
        source: 'Shazeer et al. 2017, Outrageously Large Neural Networks, arXiv 1701.06538'
      },
      {
        term: 'router',
        definition: 'Linear layer whose logits decide which experts a token goes to.',
        source: 'Shazeer et al. 2017, arXiv 1701.06538'
      },
      {
        term: 'top-k',
        definition: 'Number k of experts that each token is sent to: top-2 of 16 experts.',
        source: 'Shazeer et al. 2017, arXiv 1701.06538'
      },
      {
        term: 'shared expert',
        definition: 'Expert that every token passes, beside those that the router chooses.',
        source: 'Dai et al. 2024, DeepSeekMoE, arXiv 2401.06066'
      },
      {
        term: 'router logits',
        definition: 'Scores of all experts for a token, before softmax.',
        source: 'Shazeer et al. 2017, arXiv 1701.06538'
      },
      {
        term: 'router probability',
        definition: 'Softmax over the router logits of a token.',
        unit: share,
        source: 'Fedus et al. 2021, arXiv 2101.03961'
      },
      {
        term: 'expert weight',
        definition: 'Factor (gate) on the output of a chosen expert.',
        unit: share,
        source: 'Shazeer et al. 2017, arXiv 1701.06538'
      },
      {
        term: 'first choice',
        definition: 'The chosen expert with the largest weight.',
        source: 'Moescope'
      },
      {
        term: 'trace',
        definition:
          'Record of what the routers decided: for each token and MoE layer the experts, with weights and logits where known.',
        source: 'Moescope, docs/recording-traces.md'
      },
      {
        term: 'domain',
        definition: 'Kind of text that a token comes from; of the generated corpus, its language.',
        source: 'Moescope'
      },
      {
        term: 'assignment',
        definition: 'One choice of an expert by a token; a token makes k in every MoE layer.',
        source: 'Lepikhin et al. 2020, GShard, arXiv 2006.16668'
      }
    ]
  },
  {
    title: 'Load and balance',
    entries: [
      {
        term: 'load',
        definition: 'Share of the assignments of a layer that go to an expert. Even load: 1 / experts.',
        unit: share,
        source: 'Shazeer et al. 2017, arXiv 1701.06538'
      },
      {
        term: 'dead expert',
        definition: 'Expert that no token chose.',
        source: 'Moescope'
      },
      {
        term: 'capacity factor',
        definition: 'Room of an expert over its even load; assignments beyond it are dropped.',
        source: 'Lepikhin et al. 2020, arXiv 2006.16668; Fedus et al. 2021, arXiv 2101.03961'
      },
      {
        term: 'dropped token',
        definition: 'Token that loses an expert because the expert is full.',
        unit: share,
        source: 'Fedus et al. 2021, arXiv 2101.03961'
      },
      {
        term: 'coefficient of variation',
        definition: 'Standard deviation of the loads of a layer over their mean (CV); 0 when even.',
        source: 'Shazeer et al. 2017, arXiv 1701.06538'
      },
      {
        term: 'entropy of the load',
        definition: 'Entropy of the loads of a layer over that of an even load; 1 when even.',
        source: 'Shannon 1948, A Mathematical Theory of Communication'
      },
      {
        term: 'Jain index',
        definition: '(sum of loads)^2 / (experts x sum of squared loads); 1 when even, 1 / experts when one takes all.',
        source: 'Jain et al. 1984, DEC-TR-301'
      },
      {
        term: 'max violation',
        definition: 'Largest load over the mean load of its layer, minus 1.',
        source: 'Wang et al. 2024, Auxiliary-Loss-Free Load Balancing, arXiv 2408.15664'
      },
      {
        term: 'load-balancing loss',
        definition: 'E x sum of f P over experts, f the share of assignments, P the mean probability; 1 when even.',
        source: 'Fedus et al. 2021, arXiv 2101.03961'
      },
      {
        term: 'z-loss',
        definition: 'Mean of logsumexp(router logits)^2, which keeps logits small.',
        source: 'Zoph et al. 2022, ST-MoE, arXiv 2202.08906'
      },
      {
        term: 'imbalance',
        definition: 'Load of the busiest GPU over the mean of all GPUs; 1 when even.',
        source: 'DeepSeek-AI 2024, EPLB, github.com/deepseek-ai/EPLB'
      }
    ]
  },
  {
    title: 'Specialisation',
    entries: [
      {
        term: 'co-activation',
        definition: 'Share of the tokens of one expert that also go to another.',
        unit: share,
        source: 'Muennighoff et al. 2024, OLMoE, arXiv 2409.02060'
      },
      {
        term: 'unique experts',
        definition: 'Different experts that the tokens of a batch reach; at random E (1 - (1 - k/E)^n).',
        unit: 'experts',
        source: 'Moescope'
      },
      {
        term: 'mutual information',
        definition: 'Bits that token or domain predict of the first choice, corrected for the bias of small counts.',
        unit: bits,
        source:
          'Cover and Thomas 2006, Elements of Information Theory; Miller 1955, Note on the bias of information estimates'
      },
      {
        term: 'saturation',
        definition: 'Share of the experts chosen by the last checkpoint that an earlier one chooses, too.',
        unit: share,
        source: 'Muennighoff et al. 2024, OLMoE, arXiv 2409.02060'
      },
      {
        term: 'agreement',
        definition: 'Share of tokens, or of their experts, on which two traces of the same text agree.',
        unit: share,
        source: 'Moescope'
      },
      {
        term: 'repeated assignment',
        definition: 'Share of tokens that choose the expert of the token before.',
        unit: share,
        source: 'Jiang et al. 2024, arXiv 2401.04088'
      },
      {
        term: 'random routing',
        definition: 'Baseline: every token chooses k different experts, all sets equally likely.',
        source: 'Moescope'
      },
      {
        term: 'ablation',
        definition:
          'Evaluation with an expert masked: its router logit becomes -infinity, the next best takes its place.',
        source: 'Lu et al. 2024, Not All Experts are Equal, arXiv 2402.14800'
      },
      {
        term: 'skipped MoE',
        definition:
          'The MoE of a layer adds nothing, neither routed nor shared experts: what attention left in the residual stream passes on.',
        source: 'Moescope'
      },
      {
        term: 'intervention',
        definition: 'Change of what routers decide, with all weights as they were trained.',
        source: 'Engmann et al. 2026, arXiv 2606.10703'
      },
      {
        term: 'score',
        definition:
          'Share of right answers to questions of one generated language, written at temperature 0, with a 95 % interval; of two models on the same questions, with their paired difference.',
        unit: share,
        source: 'Wilson 1927; Newcombe 1998, Statistics in Medicine 17, 2635-2650'
      },
      {
        term: 'loss increase',
        definition: 'Validation loss under an intervention minus that of the unchanged model.',
        unit: nats,
        source: 'Lu et al. 2024, arXiv 2402.14800'
      },
      {
        term: 'rank correlation',
        definition: "Spearman's rho: correlation of ranks, -1 to 1.",
        source: 'Spearman 1904, The Proof and Measurement of Association between Two Things'
      }
    ]
  },
  {
    title: 'Training',
    entries: [
      {
        term: 'loss',
        definition:
          'Mean negative log-likelihood of the next token; on text that training does not see, validation loss.',
        unit: nats,
        source: 'Shannon 1948'
      },
      {
        term: 'floor',
        definition: 'Entropy of the generated corpus, known exactly: no model can be below it.',
        unit: nats,
        source: 'Moescope, core/corpus'
      },
      {
        term: 'training step',
        definition: 'One update of the weights from one batch.',
        source: 'Kingma and Ba 2014, Adam, arXiv 1412.6980'
      },
      {
        term: 'checkpoint',
        definition: 'Model as it was at a step of its training.',
        source: 'Muennighoff et al. 2024, arXiv 2409.02060'
      },
      {
        term: 'batch',
        definition: 'Tokens that are processed together.',
        unit: 'tokens',
        source: 'Goodfellow et al. 2016, Deep Learning, section 8.1.3'
      },
      {
        term: 'seed',
        definition: 'Number that fixes all random draws; the spread over seeds is their standard deviation.',
        source: 'Moescope'
      },
      {
        term: 'distillation',
        definition:
          'Training of a student on text and on the probabilities of a teacher, those of both softened by a temperature T: (1 - share) cross-entropy + share T^2 KL(teacher || student).',
        source: 'Hinton et al. 2015, Distilling the Knowledge in a Neural Network, arXiv 1503.02531'
      },
      {
        term: 'tied layers',
        definition: 'Layers with the same weights, which count once; their arithmetic is done in each.',
        source: 'Lan et al. 2019, ALBERT, arXiv 1909.11942'
      },
      {
        term: 'healing',
        definition: 'Short training of what pruning has left; single weights that were set to 0 stay 0.',
        source: 'Gromov et al. 2024, The Unreasonable Ineffectiveness of the Deeper Layers, arXiv 2403.17887'
      },
      {
        term: 'epoch',
        definition: 'One pass through all different tokens of a corpus.',
        source: 'Muennighoff et al. 2023, Scaling Data-Constrained Language Models, arXiv 2305.16264'
      },
      {
        term: 'compute-optimal',
        definition: 'Size and number of tokens with the lowest loss for given training FLOPs.',
        source: 'Hoffmann et al. 2022, Training Compute-Optimal Large Language Models, arXiv 2203.15556'
      },
      {
        term: 'inference tokens',
        definition: 'Tokens that a model reads and writes after its training.',
        unit: 'tokens',
        source: 'Sardana et al. 2023, Beyond Chinchilla-Optimal, arXiv 2401.00448'
      },
      {
        term: 'training FLOPs',
        definition: 'Arithmetic of a training, about 6 x active parameters x tokens.',
        unit: 'FLOP',
        source: 'Kaplan et al. 2020, Scaling Laws for Neural Language Models, arXiv 2001.08361'
      },
      {
        term: 'utilisation',
        definition: 'Share of the peak FLOP/s of a device that a training reaches (MFU).',
        unit: share,
        source: 'Chowdhery et al. 2022, PaLM, arXiv 2204.02311'
      },
      {
        term: 'PUE',
        definition: 'Power usage effectiveness: energy of the building over that of its computers.',
        source: 'ISO/IEC 30134-2'
      },
      {
        term: 'CO2e',
        definition: 'Mass of carbon dioxide with the same warming effect.',
        unit: 'kg',
        source: 'Patterson et al. 2021, Carbon Emissions and Large Neural Network Training, arXiv 2104.10350'
      }
    ]
  },
  {
    title: 'Speed',
    entries: [
      {
        term: 'decode',
        definition: 'Generating token after token.',
        unit: 'tokens/s',
        source: 'Pope et al. 2022, Efficiently Scaling Transformer Inference, arXiv 2211.05102'
      },
      {
        term: 'prefill',
        definition: 'Reading the prompt, all of its tokens at once.',
        unit: 'tokens/s',
        source: 'Pope et al. 2022, arXiv 2211.05102'
      },
      {
        term: 'FLOPs per token',
        definition: 'Arithmetic of the forward pass of one token.',
        unit: 'FLOP',
        source: 'Kaplan et al. 2020, arXiv 2001.08361'
      }
    ]
  }
]

/** All entries, in the order of the sections. */
export const glossaryEntries: readonly GlossaryEntry[] = glossary.flatMap(({ entries }) => entries)
