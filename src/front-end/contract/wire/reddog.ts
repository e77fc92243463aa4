import { record } from '../../../kernel/document/record.ts'
import { count, flag, oneOf, text, time } from '../../../kernel/document/scalars.ts'
import { list } from '../../../kernel/document/tag.ts'
import { document } from './document.ts'
import { encodedText } from './encoded-text.ts'
import { given } from './given.ts'
import { reddogNamespace } from './namespaces.ts'

/** Answer of List Events: what happened to a service, oldest first, each with the reason that the deciding part gave. */
export const eventsDocument = document(
  list(
    'Events',
    record('Event', {
      number: count('Number'),
      time: time('Time'),
      subject: text('Subject'),
      kind: text('Kind'),
      reason: text('Reason'),
    }),
  ),
  reddogNamespace,
)

/** Answer of Read Log: a piece of an instance's log. */
export const logDocument = document(
  record('Log', {
    logicalPath: text('LogicalPath'),
    realPath: text('RealPath'),
    /** Where the next piece begins, in bytes. */
    nextOffset: count('NextOffset'),
    /** Names of the logs that exist, when there is none of the name that was asked for. */
    known: list('Known', text('Name')),
    /** As it is, control characters too. */
    text: encodedText('Text'),
  }),
  reddogNamespace,
)

/** Answer of List Hosts. */
export const hostsDocument = document(
  list(
    'Hosts',
    record('Host', {
      name: text('Name'),
      state: oneOf('State', ['Reserve', 'InService', 'Lost', 'Draining', 'Drained']),
      cores: count('Cores'),
      freeCores: count('FreeCores'),
      faultDomain: count('FaultDomain'),
      instances: list('Instances', text('Instance')),
      /** Sentences; empty when it waits for nothing. */
      waitsFor: list('WaitsFor', text('Wait')),
      /** What it runs and a restored store does not know. */
      unknown: list('UnknownInstances', text('Instance')),
    }),
  ),
  reddogNamespace,
)

/** Answer of List Machines. */
export const machinesDocument = document(
  record('Machines', {
    /** The fabric's own authority, PEM. */
    authority: text('Authority'),
    machines: list(
      'List',
      record('Machine', {
        name: text('Name'),
        address: text('Address'),
        number: count('Number'),
        version: text('Version'),
        roles: list('Roles', text('Role')),
        /** Sentences that begin with its name. */
        notes: list('Notes', text('Note')),
      }),
    ),
    /** Sentences: what is still to be done about machines that were removed. */
    leaving: list('Leaving', text('Machine')),
  }),
  reddogNamespace,
)

/** Body of Add Join Token. */
export const joinTokenDocument = document(
  record('JoinToken', {
    /** SHA-256 of the secret, 64 lower-case hexadecimal digits. The secret itself stays with who asks. */
    hash: given('Hash'),
    controller: flag('Controller'),
    validSeconds: count('ValidSeconds'),
  }),
  reddogNamespace,
)
