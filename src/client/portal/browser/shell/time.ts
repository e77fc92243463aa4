import { useTranslation } from 'react-i18next'

/** A moment in the reader's zone and language; takes milliseconds since 1970, or the API's own form. */
export function useTime(): (at: number | string) => string {
  const { i18n } = useTranslation()
  const own = navigator.languages.find((tag) => tag.startsWith(i18n.language)) ?? i18n.language
  const format = new Intl.DateTimeFormat(own, { dateStyle: 'medium', timeStyle: 'medium' })
  return (at) => format.format(new Date(at))
}
