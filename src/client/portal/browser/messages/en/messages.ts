import configuration from './configuration.json' with { type: 'json' }
import deploy from './deploy.json' with { type: 'json' }
import form from './form.json' with { type: 'json' }
import pack from './package.json' with { type: 'json' }
import services from './services.json' with { type: 'json' }
import shell from './shell.json' with { type: 'json' }
import swap from './swap.json' with { type: 'json' }
import upgrade from './upgrade.json' with { type: 'json' }

/** The portal's sentences, a file for each part of it. */
export const english = { configuration, deploy, form, package: pack, services, shell, swap, upgrade }
