// How an error looks when the visitor is a person, and when it is a program.
import type Koa from 'koa'
import { html } from './html.ts'

export function errorPage(koa: Koa.Context, status: number, message: string): void {
  koa.status = status
  koa.type = 'html'
  koa.body = html`<!doctype html><title>${status}</title>
    <h1>${status}</h1>
    <p>${message}</p>`.text
}
