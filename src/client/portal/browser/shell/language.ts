import { createInstance } from 'i18next'
import { initReactI18next } from 'react-i18next'
import { english } from '../messages/en/messages.ts'
import { japanese } from '../messages/ja/messages.ts'

const i18n = createInstance()

/** Languages that the portal speaks, each by its own name. */
export const languages = { en: 'English', ja: '日本語' } as const

export type Language = keyof typeof languages

const storageKey = 'reddog-language'

/** The language that was chosen, else the first of the reader's that the portal speaks, else English. */
function preferred(): Language {
  const wanted = [localStorage.getItem(storageKey) ?? '', ...navigator.languages].map((tag) => tag.slice(0, 2))
  return wanted.find((tag): tag is Language => Object.hasOwn(languages, tag)) ?? 'en'
}

export function beginLanguage(): void {
  i18n.on('languageChanged', (language) => {
    document.documentElement.lang = language
  })
  void i18n.use(initReactI18next).init({
    resources: { en: english, ja: japanese },
    lng: preferred(),
    fallbackLng: 'en',
    defaultNS: 'shell',
    initAsync: false,
    // React escapes what it shows.
    interpolation: { escapeValue: false },
  })
}

export function chooseLanguage(language: Language): void {
  localStorage.setItem(storageKey, language)
  void i18n.changeLanguage(language)
}
