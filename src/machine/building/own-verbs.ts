/** The verbs of the fabric itself, as `reddog` lists them and a wrong use is answered. The README shows the same forms. */
export const ownVerbs = [
  {
    name: 'up',
    form: '[--data DIR] [--hosts 2] [--cores 8] [--core-quota 20] [--fault-domains 2] [--port 8440] [--portal-port 8441] [--portal-address ADDRESS[:PORT]] [--timer NAME=DURATION ...] [--policy sameModel|relaxed2011] [--permit-blob-host HOST[:PORT] ...] [--isolation auto|namespace|process] [--guest-agent PROGRAM] [--take-over] [--accounts] [--json] [--cluster [--address ADDRESS] [--machine NAME] [--vip-range FIRST-LAST] [--etcd URL ... --etcd-tls DIR] [--blob-account FILE]]',
    about: 'Runs a fabric in the foreground until Ctrl-C. With --cluster others can join it.',
  },
  {
    name: 'host join',
    form: 'ADDRESS[:PORT] --token-file FILE [--controller] [--machine NAME] [--address ADDRESS] [--cores 8] [--accounts] [--data DIR]',
    about:
      'Makes this computer a machine of a fabric, and runs it in the foreground as up does. With --controller it is a candidate too, with a member of etcd. The token is the first line of FILE, or of standard input for -; --token TOKEN works too, but every account of this computer can read it.',
  },
  { name: 'down', form: '[--data DIR]', about: 'Ends all that runs on a data directory.' },
  {
    name: 'backup',
    form: 'FILE --passphrase-file FILE [--data DIR] [--json]',
    about: 'Saves a fabric, running or not, with its keys and packages into one sealed file.',
  },
  {
    name: 'restore',
    form: 'FILE --passphrase-file FILE [--data DIR] [--json]',
    about:
      'Brings a fabric back from such a file. What its hosts run and the backup does not know is shown, not ended.',
  },
] as const

/** How the verbs of these names are written, a line each. */
export function formsOf(...names: readonly (typeof ownVerbs)[number]['name'][]): string {
  const meant = ownVerbs.filter(({ name }) => names.includes(name))
  return meant.map(({ name, form }) => `reddog ${name} ${form}`).join('\n')
}
