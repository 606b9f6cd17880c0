/** Files, and what leaves the app. */

import type { Command } from '../state/command'
import { copyLink, openSecondWindow } from '../state/sharing'

/** Loaded with the first file that is opened. */
const opening = () => import('../files/open-file')

export const openCommands = [
  {
    id: 'home',
    label: 'Front page',
    keywords: ['home', 'start', 'questions', 'view'],
    shortcuts: ['h'],
    enabled: ({ choices }) => choices.view !== 'home',
    run: ({ choose }) => choose({ view: 'home' })
  },
  {
    id: 'compare',
    label: 'Compare two models',
    keywords: ['view', 'side by side'],
    shortcuts: ['c'],
    enabled: ({ choices }) => choices.view !== 'compare',
    run: ({ choose }) => choose({ view: 'compare' })
  },
  {
    id: 'trace',
    label: 'Inspect routing',
    keywords: ['view', 'router', 'experts', 'trace', 'load', 'balance'],
    shortcuts: ['i'],
    enabled: ({ choices }) => choices.view !== 'trace',
    run: ({ choose }) => choose({ view: 'trace' })
  },
  {
    id: 'lab',
    label: 'Lab: train models side by side',
    keywords: ['view', 'train', 'learn', 'own'],
    shortcuts: ['m'],
    enabled: ({ choices }) => choices.view !== 'lab',
    run: ({ choose }) => choose({ view: 'lab' })
  },
  {
    id: 'sweep',
    label: 'Sweeps: many runs as curves and tables',
    keywords: ['view', 'lab', 'grid', 'seeds', 'pareto', 'iso-flop', 'queue', 'cluster', 'results.csv'],
    shortcuts: ['w'],
    enabled: ({ choices }) => choices.view !== 'sweep',
    run: ({ choose }) => choose({ view: 'sweep' })
  },
  {
    id: 'compress',
    label: 'Compress: the same model, smaller',
    keywords: ['view', 'quantise', 'prune', 'bits', 'int4', 'gptq', 'wanda', 'experts', 'layers', 'bytes'],
    shortcuts: ['z'],
    enabled: ({ choices }) => choices.view !== 'compress',
    run: ({ choose }) => choose({ view: 'compress' })
  },
  {
    id: 'architectures',
    label: 'Real architectures',
    keywords: ['view', 'gallery', 'deepseek', 'mixtral', 'config.json', 'memory', 'parameters'],
    shortcuts: ['a'],
    enabled: ({ choices }) => choices.view !== 'architectures',
    run: ({ choose }) => choose({ view: 'architectures' })
  },
  {
    id: 'scaling',
    label: 'Scaling laws',
    keywords: ['view', 'chinchilla', 'compute', 'budget', 'tokens', 'energy', 'carbon', 'cost'],
    shortcuts: ['g'],
    enabled: ({ choices }) => choices.view !== 'scaling',
    run: ({ choose }) => choose({ view: 'scaling' })
  },
  {
    id: 'stories',
    label: 'Stories',
    keywords: ['view', 'talk', 'present', 'slides', 'show', 'tell'],
    shortcuts: ['y'],
    enabled: ({ choices }) => choices.view !== 'stories',
    run: ({ choose }) => choose({ view: 'stories' })
  },
  {
    id: 'add-to-story',
    label: 'Add this view to a story …',
    keywords: ['talk', 'present', 'slide', 'chapter', 'keep', 'record'],
    shortcuts: ['k'],
    enabled: ({ choices, following }) => choices.view !== 'stories' && following !== true,
    run: ({ store }) => store.setState({ overlay: 'add-to-story' })
  },
  {
    id: 'record-chapter',
    label: 'Record the chapter again',
    keywords: ['talk', 'story', 'take', 'anew'],
    shortcuts: ['Mod+Shift+K'],
    enabled: ({ choices }) => choices.view !== 'stories' && choices.story.edit,
    run: async (app) => (await import('../stories/record-again')).recordAgain(app)
  },
  {
    id: 'back-to-story',
    label: 'Back to the story',
    keywords: ['talk', 'present', 'return', 'chapter'],
    shortcuts: ['Escape'],
    enabled: ({ choices }) => choices.view !== 'stories' && choices.story.id !== '',
    run: ({ choose }) => choose({ view: 'stories' })
  },
  {
    id: 'open',
    label: 'Open a file …',
    keywords: ['run', 'record', 'replay', 'import', 'state', 'trace', 'load', 'config.json'],
    shortcuts: ['Mod+O', 'o'],
    enabled: ({ status }) => status !== 'running',
    run: async (app) => (await opening()).chooseAndOpen(app)
  },
  {
    id: 'open-checkpoint',
    label: 'Open a checkpoint folder …',
    keywords: ['model', 'hugging face', 'safetensors', 'shards', 'import', 'load', 'weights'],
    enabled: ({ status }) => status !== 'running',
    run: async (app) => (await opening()).chooseAndOpenFolder(app)
  },
  {
    id: 'open-sweep',
    label: 'Open the folder of a sweep …',
    keywords: ['runs', 'results', 'grid', 'follow', 'queue', 'import', 'load'],
    enabled: ({ status }) => status !== 'running',
    run: async (app) => (await opening()).chooseAndFollowFolder(app)
  },
  {
    id: 'close-sweep',
    label: 'Close the sweep',
    keywords: ['runs', 'other', 'list', 'kept'],
    enabled: ({ sweep, choices }) => sweep !== undefined && choices.view === 'sweep',
    run: ({ store }) => store.setState({ sweep: undefined })
  },
  {
    id: 'clear-recent',
    label: 'Forget recent files',
    keywords: ['history', 'clear'],
    enabled: ({ recent }) => recent.length > 0,
    run: async ({ host, store }) => {
      await host.clearRecent()
      store.setState({ recent: [] })
    }
  }
] as const satisfies readonly Command[]

export const saveCommands = [
  {
    id: 'save-run',
    label: 'Save this run …',
    keywords: ['file', 'record', 'export'],
    shortcuts: ['Mod+S', 's'],
    enabled: ({ status, contestants }) =>
      ['paused', 'finished'].includes(status) && contestants.every(({ steps }) => steps.length > 0),
    run: async (app) => (await import('../compare/run-file')).saveRun(app)
  },
  {
    id: 'save-state',
    label: 'Save what is chosen …',
    keywords: ['file', 'state', 'export', 'settings', 'prompt'],
    shortcuts: ['Mod+Shift+S'],
    enabled: () => true,
    run: async (app) => (await import('../state/state-file')).saveState(app)
  },
  {
    id: 'export-story',
    label: 'Export this story …',
    keywords: ['talk', 'slides', 'html', 'pdf', 'png', 'video', 'notes'],
    shortcuts: ['Mod+E'],
    enabled: ({ choices, told }) => choices.view === 'stories' && told?.id === choices.story.id,
    run: ({ store }) => store.setState({ overlay: 'export-story' })
  },
  {
    id: 'copy-link',
    label: 'Copy a link to this',
    keywords: ['share', 'url', 'address'],
    shortcuts: ['l'],
    enabled: ({ linkable }) => linkable,
    run: copyLink
  },
  {
    id: 'second-window',
    label: 'Open in a second window',
    keywords: ['screen', 'display', 'projector', 'present'],
    shortcuts: ['Mod+Shift+N'],
    enabled: () => true,
    run: (app) => openSecondWindow(app)
  },
  {
    id: 'follow',
    label: 'Follow the first window',
    keywords: ['second', 'screen', 'display', 'present', 'mirror'],
    enabled: ({ following }) => following === false,
    run: ({ session, store }) => {
      session.reset()
      store.setState({ following: true })
    }
  }
] as const satisfies readonly Command[]
