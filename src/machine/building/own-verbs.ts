/** The verbs of the fabric itself, as `reddog` lists them and a wrong use is answered. The README shows the same forms. */
export const ownVerbs = [
  {
    name: 'up',
    form: '[--data DIR] [--hosts 2] [--cores 8] [--core-quota 20] [--fault-domains 2] [--port 8440] [--portal-port 8441] [--portal-address ADDRESS[:PORT]] [--timer NAME=DURATION ...] [--policy sameModel|relaxed2011] [--permit-blob-host HOST[:PORT] ...] [--isolation auto|namespace|process] [--guest-agent PROGRAM] [--json]',
    about: 'Runs a fabric in the foreground until Ctrl-C.',
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
