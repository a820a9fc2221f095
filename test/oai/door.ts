// A museum whose door for harvesters tests can open as a browser and as a program.
import { ensureCollection } from '../../server/collections/collections.ts'
import { save } from '../../server/records/records.ts'
import { draft } from '../house.ts'
import { museum, type Museum } from '../web/museum.ts'

export const token = 'a-token-of-sixteen-letters'

export const chrome =
  'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8'

export interface DoorHouse extends Museum {
  /** OAI identifier of the record with this number. */
  identifier(id: number): string
  /** What a browser is shown; the break of its lines is no matter. */
  page(
    query: string,
    language?: string,
  ): Promise<{ status: number; text: string; headers: Headers }>
  /** What a program gets. */
  xml(query: string): Promise<string>
}

export async function doorHouse(): Promise<DoorHouse> {
  const house = await museum()
  const { ctx } = house
  const many = await ensureCollection(ctx, {
    slug: 'testimonies',
    title: { fr: 'Témoignages', en: 'Testimonies' },
    description: { fr: 'Paroles du printemps 2020.', en: 'Words of spring 2020.' },
    profile: 'dublin-core',
  })
  await save(
    ctx,
    Array.from({ length: 620 }, (_, index) =>
      draft(many.id, String(index), {
        dc: {
          title: [
            { value: `Témoignage ${index + 1}`, language: 'fr' },
            { value: `Testimony ${index + 1}`, language: 'en' },
          ],
          creator: [{ value: 'Lina, 7 ans' }],
          description: [
            { value: 'Nous avons applaudi tous les soirs. '.repeat(8), language: 'fr' },
          ],
          date: [{ value: '2020-03-29' }],
        },
      }),
    ),
  )
  return {
    ...house,
    identifier: (id) => `oai:${ctx.config.domain}:${id}`,
    async page(query, language = 'en') {
      const answer = await house.get(`${ctx.links.oai()}${query}`, {
        accept: chrome,
        'accept-language': language,
      })
      const text = (await answer.text()).replace(/\s+/g, ' ').replace(/ (?=>)/g, '')
      return { status: answer.status, text, headers: answer.headers }
    },
    xml: async (query) => (await house.get(`${ctx.links.oai()}${query}`, { accept: '*/*' })).text(),
  }
}
