import { Module } from '@nestjs/common';
import { ResponseSeal } from './response-seal.js';
import { SecretSeal } from './secret-seal.js';

/** For programs that answer requests: it needs `SECRET_KEY`. */
@Module({ providers: [{ provide: ResponseSeal, useClass: SecretSeal }] })
export class ResponseSealModule {}
