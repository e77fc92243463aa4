import { useTranslation } from 'react-i18next'

const units = ['byte', 'kilobyte', 'megabyte'] as const

/** A size in bytes, in the reader's language. */
export function useBytes(): (bytes: number) => string {
  const { i18n } = useTranslation()
  return (bytes) => {
    const step = bytes < 1_000 ? 0 : bytes < 1_000_000 ? 1 : 2
    const format = { style: 'unit', unit: units[step], unitDisplay: 'short', maximumFractionDigits: 1 } as const
    return new Intl.NumberFormat(i18n.language, format).format(bytes / 1_000 ** step)
  }
}
