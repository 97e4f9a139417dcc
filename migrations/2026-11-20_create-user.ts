import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateUser1795174172221 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE TABLE "user" ("id" bigint GENERATED ALWAYS AS IDENTITY NOT NULL, "created_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "updated_at" TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT now(), "is_deleted" boolean NOT NULL DEFAULT false, "deleted_at" TIMESTAMP WITH TIME ZONE, "name" character varying(30) NOT NULL, "username" character varying(20) NOT NULL, "email" character varying(254) NOT NULL, "hashed_password" character varying(60) NOT NULL, "profile_image_url" character varying(2048) NOT NULL DEFAULT 'https://www.profileimageurl.com', "is_superuser" boolean NOT NULL DEFAULT false, CONSTRAINT "user_email_key" UNIQUE ("email"), CONSTRAINT "user_username_key" UNIQUE ("username"), CONSTRAINT "user_email_check" CHECK (email = lower(email)), CONSTRAINT "user_username_check" CHECK (username ~ '^[a-z0-9]{2,20}$'), CONSTRAINT "user_pkey" PRIMARY KEY ("id"))`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE "user"`);
  }
}
