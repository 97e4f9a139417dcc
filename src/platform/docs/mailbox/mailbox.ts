import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppConfig } from '../../config/app.config.js';
import { settingsOf } from '../../config/settings.js';
import { HttpConfig } from '../../http/http.config.js';
import { RouteNotFound } from '../../http/problems/http.errors.js';
import { KeptMails } from '../../mail/kept-mails.js';
import { MailConfig } from '../../mail/mail.config.js';
import { letPagesRun } from '../browser-pages.js';
import { listPage, mailPage } from './mailbox-pages.js';

const PATH = '/mailbox';
const PATHS = /^\/mailbox(\/|$)/;

/** Shows the mails that are kept on this machine at /mailbox. Call it only where they are: in local, without `SMTP_URL`. */
export function serveMailbox(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  const mails = new KeptMails(settingsOf(MailConfig).MAIL_FOLDER);
  const title = settingsOf(AppConfig).APP_NAME;
  const path = settingsOf(HttpConfig).publicPath(PATH);
  letPagesRun(fastify, PATHS);
  fastify.get(PATH, async (_, reply: FastifyReply) => page(reply, listPage({ title, path, mails: await mails.all() })));
  fastify.get(`${PATH}/:id`, async (request: FastifyRequest<{ Params: { id: string } }>, reply: FastifyReply) => {
    const mail = (await mails.all()).find(({ message_id }) => message_id === request.params.id);
    if (!mail) throw new RouteNotFound();
    return page(reply, mailPage({ title, path, mail }));
  });
}

function page(reply: FastifyReply, html: string): FastifyReply {
  return reply.type('text/html').header('cache-control', 'no-store').send(html);
}
