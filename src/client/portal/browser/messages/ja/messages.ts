import certificates from './certificates.json' with { type: 'json' }
import configuration from './configuration.json' with { type: 'json' }
import deploy from './deploy.json' with { type: 'json' }
import form from './form.json' with { type: 'json' }
import hosts from './hosts.json' with { type: 'json' }
import instances from './instances.json' with { type: 'json' }
import operations from './operations.json' with { type: 'json' }
import packages from './packages.json' with { type: 'json' }
import services from './services.json' with { type: 'json' }
import shell from './shell.json' with { type: 'json' }
import summary from './summary.json' with { type: 'json' }
import swap from './swap.json' with { type: 'json' }
import upgrade from './upgrade.json' with { type: 'json' }
import walk from './walk.json' with { type: 'json' }

/** The portal's sentences, a file for each part of it. */
export const japanese = {
  certificates,
  configuration,
  deploy,
  form,
  hosts,
  instances,
  operations,
  package: packages,
  services,
  shell,
  summary,
  swap,
  upgrade,
  walk,
}
