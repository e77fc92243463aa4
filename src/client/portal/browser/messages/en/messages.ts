import certificates from './certificates.json' with { type: 'json' }
import hosts from './hosts.json' with { type: 'json' }
import instances from './instances.json' with { type: 'json' }
import operations from './operations.json' with { type: 'json' }
import services from './services.json' with { type: 'json' }
import shell from './shell.json' with { type: 'json' }

/** The portal's sentences, a file for each part of it. */
export const english = { certificates, hosts, instances, operations, services, shell }
