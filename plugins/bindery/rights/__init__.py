"""May this edition be sold or streamed, by which model, in which country, at which instant, and if not, why?"""
