/** Programs that wine 8 has by name, and which return 0 for what they do not do. Tried one by one. */
const hollow =
  'aspnet_regiis cacls certutil dism icacls lodctr mofcomp net netsh ngen powershell regasm regsvcs secedit shutdown systeminfo wevtutil'.split(
    ' ',
  )

/** Those that a batch file calls, each once, without its remarks and what it prints. */
export function hollowCommands(text: string): readonly string[] {
  const lines = text.split(/\r?\n/).filter((line) => !/^\s*@?(?:rem\b|echo\b|::)/i.test(line))
  return hollow.filter((name) => {
    const called = new RegExp(`(?:^|[\\s"&|(@\\\\/])${name}(?:\\.exe)?(?=["\\s]|$)`, 'i')
    return lines.some((line) => called.test(line))
  })
}
