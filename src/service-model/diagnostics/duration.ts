/** `PT1M`, `P1DT2H30M`, `PT0.5S` in milliseconds; undefined when it is none. Years and months, whose length varies, are none. */
export function parseXmlDuration(text: string): number | undefined {
  const match = /^P(?:(\d{1,9})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9}(?:\.\d{1,9})?)S)?)?$/.exec(text.trim())
  const parts = match?.slice(1) ?? []
  if (parts.every((part) => part === undefined)) return undefined
  const units = [86_400_000, 3_600_000, 60_000, 1_000]
  return Math.round(parts.reduce((ms, part, index) => ms + Number(part ?? 0) * (units[index] as number), 0))
}
