import services from './services.json' with { type: 'json' }
import shell from './shell.json' with { type: 'json' }
import summary from './summary.json' with { type: 'json' }
import walk from './walk.json' with { type: 'json' }

/** The portal's sentences, a file for each part of it. */
export const english = { services, shell, summary, walk }
